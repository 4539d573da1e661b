package example

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

var emulator struct {
	Aliyun          string `json:"aliyun"`
	AccessKeyID     string `json:"access_key_id"`
	AccessKeySecret string `json:"access_key_secret"`
	PoolKey         string `json:"pool_key"`
}

func TestMain(m *testing.M) {
	program := exec.Command("privacy-number-emulator", "--port", "0", "--json", "--quiet")
	output, err := program.StdoutPipe()
	if err == nil {
		err = program.Start()
	}
	if err != nil {
		panic(err)
	}
	line, _ := bufio.NewReader(output).ReadBytes('\n') // it is printed when the emulator serves
	if err := json.Unmarshal(line, &emulator); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = program.Process.Kill()
	os.Exit(code)
}

func control(t *testing.T, path, body string) string {
	response, err := http.Post(emulator.Aliyun+"/_emulator/"+path, "application/json", strings.NewReader(body))
	return text(t, response, err)
}

// gateway stands for your code with its client: it sends a request without a signature.
func gateway(t *testing.T, action string) string {
	response, err := http.Get(emulator.Aliyun + "/?Format=JSON&Version=2017-05-25&Action=" + action)
	return text(t, response, err)
}

func text(t *testing.T, response *http.Response, err error) string {
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return string(body)
}

func TestACallToANumberThatIsNotBoundIsRefused(t *testing.T) {
	call := control(t, "calls", `{"caller": "15000000001", "x": "17000000001"}`)
	if !strings.Contains(call, `"refused":"no_binding"`) {
		t.Fatal(call)
	}
}

func TestTheGatewayIsThrottledOnce(t *testing.T) {
	t.Cleanup(func() { control(t, "reset", "{}") })
	control(t, "faults", `{"fault": "throttled", "scope": "app", "on": "BindAxn", "times": 1}`)
	if refusal := gateway(t, "BindAxn"); !strings.Contains(refusal, "Throttling.User") {
		t.Fatal(refusal)
	}
	if refusal := gateway(t, "BindAxn"); !strings.Contains(refusal, "MissingAccessKeyId") {
		t.Fatal(refusal)
	}
}
