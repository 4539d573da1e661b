import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EmulatorTest {
    static final HttpClient HTTP = HttpClient.newHttpClient();
    static Process program;
    static String address;

    @BeforeAll
    static void start() throws Exception {
        program = new ProcessBuilder("privacy-number-emulator", "--port", "0", "--json", "--quiet").start();
        var line = new BufferedReader(new InputStreamReader(program.getInputStream())).readLine();
        var found = Pattern.compile("\"aliyun\":\"([^\"]*)\"").matcher(line); // printed when the emulator serves
        assertTrue(found.find(), line);
        address = found.group(1);
    }

    @AfterEach
    void reset() throws Exception {
        control("reset", "{}");
    }

    @AfterAll
    static void stop() {
        program.destroy();
    }

    static String control(String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(address + "/_emulator/" + path))
            .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build();
        return HTTP.send(request, BodyHandlers.ofString()).body();
    }

    // Stands for your code with its client: it sends a request without a signature.
    static String gateway(String action) throws Exception {
        var request = URI.create(address + "/?Format=JSON&Version=2017-05-25&Action=" + action);
        return HTTP.send(HttpRequest.newBuilder(request).build(), BodyHandlers.ofString()).body();
    }

    @Test
    void aCallToANumberThatIsNotBoundIsRefused() throws Exception {
        var call = control("calls", "{\"caller\": \"15000000001\", \"x\": \"17000000001\"}");
        assertTrue(call.contains("\"refused\":\"no_binding\""), call);
    }

    @Test
    void theGatewayIsThrottledOnce() throws Exception {
        control("faults", "{\"fault\": \"throttled\", \"scope\": \"app\", \"on\": \"BindAxn\", \"times\": 1}");
        var first = gateway("BindAxn");
        assertTrue(first.contains("Throttling.User"), first);
        var second = gateway("BindAxn");
        assertTrue(second.contains("MissingAccessKeyId"), second);
    }
}
