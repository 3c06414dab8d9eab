package orders;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import pricing.PricingServer;

/**
 * Starts the order service and the pricing service, sends the requests of the shoppers, and reports the results. With
 * {@code -Ddemo.serve}, the services then keep running.
 */
public final class Main {

    private static final int SHOPPERS = 50;
    private static final int REQUESTS = SHOPPERS * Shopper.VISITS + Shopper.IN_VAIN + Shopper.FOR_THE_RECORD;

    private Main() {
    }

    /** Exits with 1 if a response was wrong or anything was left behind. */
    public static void main(String[] args) throws Exception {
        List<Tenant> tenants = List.of(Tenant.nordwind(), Tenant.acme());
        Report report;
        try (Progress progress = new Progress(REQUESTS)) {
            for (Tenant tenant : tenants) {
                SampleData.createIn(tenant);
            }
            report = tryOut(tenants, progress);
        }
        report.print();
        if (Boolean.getBoolean("demo.serve")) {
            serve(tenants);
        }
        for (Tenant tenant : tenants) {
            tenant.database().close();
        }
        System.exit(report.isGood() ? 0 : 1);
    }

    private static Report tryOut(List<Tenant> tenants, Progress progress) throws Exception {
        List<Books> books = tenants.stream().map(Books::new).toList();
        List<Visit> visits;
        long openedInVain;
        InMemorySpanExporter collector = InMemorySpanExporter.create();
        PricingServer pricing = new PricingServer(collector);
        OrderServer server = new OrderServer(tenants, pricing.address(), collector);
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try (pricing; server) {
            visits = new ArrayList<>(new Shopper(0, server.address(), books, client, progress).askInVain());
            openedInVain = tenants.stream().mapToLong(tenant -> tenant.database().opened()).sum();
            visits.addAll(shop(server.address(), books, client, progress));
            visits.addAll(new Shopper(SHOPPERS + 1, server.address(), books, client, progress).askForTheRecord());
        }
        return Report.of(visits, books, server.contextLeaks() + pricing.contextLeaks(), openedInVain,
                LogFile.read(visits),
                new Traces(collector.getFinishedSpanItems()));
    }

    private static List<Visit> shop(URI address, List<Books> books, HttpClient client, Progress progress)
            throws Exception {
        ExecutorService street = Executors.newFixedThreadPool(SHOPPERS);
        try {
            List<Shopper> shoppers = IntStream.rangeClosed(1, SHOPPERS)
                    .mapToObj(number -> new Shopper(number, address, books, client, progress))
                    .toList();
            List<Visit> visits = new ArrayList<>();
            for (Future<List<Visit>> shopper : street.invokeAll(shoppers)) {
                visits.addAll(shopper.get());
            }
            return visits;
        } finally {
            street.shutdown();
        }
    }

    private static void serve(List<Tenant> tenants) throws Exception {
        SpanExporter nowhere = SpanExporter.composite();
        try (PricingServer pricing = new PricingServer(nowhere);
                OrderServer server = new OrderServer(tenants, pricing.address(), nowhere)) {
            for (Tenant tenant : tenants) {
                System.out.printf("""

                        %1$s, until you press Ctrl-C:
                        curl -H 'X-User: ann' %1$s/orders/17
                        curl -H 'X-User: ann' %1$s/orders/40
                        curl -H 'X-User: bob' -H 'Accept-Language: fr' %1$s/customers/7/orders
                        curl -H 'X-User: ann' -d 'customer=7&item=2x31&item=12x8' -i %1$s/orders
                        """, server.address().resolve("/" + tenant.name()));
            }
            System.out.println("\ntail -f " + LogFile.PATH);
            Thread.currentThread().join();
        }
    }
}
