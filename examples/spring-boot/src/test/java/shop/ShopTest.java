package shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Sends the requests that examples/README.md and the application itself suggest. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
class ShopTest {

    private static final Pattern CURL = Pattern
            .compile("curl( -X (?<method>\\w+))?( -H '(?<name>[\\w-]+): (?<value>\\w+)')? (?<url>localhost:8080\\S+)");

    @LocalServerPort
    private int port;

    @Test
    void requestsAreAnswered(CapturedOutput output) throws Exception {
        List<String> suggested = Files.readAllLines(Path.of("../README.md")).stream().map(String::strip)
                .filter(line -> line.startsWith("curl ")).toList();
        assertThat(suggested).hasSize(3).allSatisfy(line -> assertThat(output).contains(line));

        HttpResponse<String> tea = send(suggested.get(0));
        assertThat(tea.body()).isEqualTo("ordered tea: 3.50, as always for alice\n");
        assertThat(tea.statusCode()).isEqualTo(200);

        String id = logged("[alice] committed [tea for alice]", output);

        HttpResponse<String> coffee = send(suggested.get(1));
        assertThat(coffee.body()).isEqualTo("no coffee left for bob\n");
        assertThat(coffee.statusCode()).isEqualTo(409);

        assertThat(logged("[bob] rolled back [coffee for bob]", output)).isNotEqualTo(id);

        assertThat(send(suggested.get(2)).body()).isEqualTo("tea for alice\n");

        assertThat(logged("writes to alice about tea", output)).isEqualTo(id);
        assertThat(logged("looks for tea", output)).isEqualTo(id);
        assertThat(logged("is asked for the price of tea", output)).isEqualTo(id);
    }

    private HttpResponse<String> send(String curl) throws IOException, InterruptedException {
        Matcher line = CURL.matcher(curl);
        assertThat(line.matches()).as(curl).isTrue();
        URI address = URI.create("http://" + line.group("url").replace("8080", String.valueOf(port)));
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .method(line.group("method") == null ? "GET" : line.group("method"), BodyPublishers.noBody());
        if (line.group("name") != null) {
            request.header(line.group("name"), line.group("value"));
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    /** Waits for a line of the log, and returns the id of its request. */
    private static String logged(String text, CapturedOutput output) {
        Pattern line = Pattern.compile("\\[(\\w+)] .*" + Pattern.quote(text));
        return Awaitility.await().atMost(Duration.ofSeconds(30))
                .until(() -> line.matcher(output), Matcher::find).group(1);
    }
}
