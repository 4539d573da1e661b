cd /tmp/h-H-proof
setpriv --reuid=65534 --regid=65534 --clear-groups mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db --datadir=$PWD/my/data >/dev/null 2>my.install.log
setpriv --reuid=65534 --regid=65534 --clear-groups mariadbd --no-defaults --bind-address=127.0.0.1 --innodb-buffer-pool-size=64M --port=33711 --datadir=$PWD/my/data --socket=$PWD/my/s >my.log 2>&1 &
echo $! > my.pid
B=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
setpriv --reuid=65534 --regid=65534 --clear-groups $B/initdb --username=root --auth=trust --no-sync --encoding=UTF8 --locale=C -D $PWD/pg/data >/dev/null 2>pg.install.log
setpriv --reuid=65534 --regid=65534 --clear-groups $B/postgres -h 127.0.0.1 -p 33712 -k "" -c shared_buffers=64MB -D $PWD/pg/data >pg.log 2>&1 &
echo $! > pg.pid
sleep 4
