<?php

use PHPUnit\Framework\TestCase;

final class EmulatorTest extends TestCase
{
    private static $program;
    private static array $emulator;

    public static function setUpBeforeClass(): void
    {
        $command = ['privacy-number-emulator', '--port', '0', '--json', '--quiet'];
        self::$program = proc_open($command, [1 => ['pipe', 'w']], $pipes);
        self::$emulator = json_decode(fgets($pipes[1]), true); // it is printed when the emulator serves
    }

    protected function tearDown(): void
    {
        $this->control('reset', '{}');
    }

    public static function tearDownAfterClass(): void
    {
        proc_terminate(self::$program);
    }

    private function control(string $path, string $body): array
    {
        $header = 'Content-Type: application/json';
        $context = stream_context_create(['http' => ['method' => 'POST', 'header' => $header, 'content' => $body]]);
        return json_decode(file_get_contents(self::$emulator['aliyun'] . "/_emulator/$path", false, $context), true);
    }

    // Stands for your code with its client: it sends a request without a signature.
    private function gateway(string $action): array
    {
        $url = self::$emulator['aliyun'] . "/?Format=JSON&Version=2017-05-25&Action=$action";
        $context = stream_context_create(['http' => ['ignore_errors' => true]]);
        return json_decode(file_get_contents($url, false, $context), true);
    }

    public function testACallToANumberThatIsNotBoundIsRefused(): void
    {
        $call = $this->control('calls', '{"caller": "15000000001", "x": "17000000001"}');
        $this->assertSame('no_binding', $call['refused']);
    }

    public function testTheGatewayIsThrottledOnce(): void
    {
        $this->control('faults', '{"fault": "throttled", "scope": "app", "on": "BindAxn", "times": 1}');
        $this->assertSame('Throttling.User', $this->gateway('BindAxn')['Code']);
        $this->assertSame('MissingAccessKeyId', $this->gateway('BindAxn')['Code']);
    }
}
