package dev.scopedcontext.jmh.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The measurement of one benchmark for one peer, with one choice of parameters.
 *
 * @param benchmark the class
 * @param method the method of that class
 * @param peer the peer, or null if methods are compared
 * @param params all other parameters, in the order of declaration
 * @param median the median of all iterations of all forks, or of the faster half of many forks
 * @param error half of the 99.9 % confidence interval of the mean, as JMH reports it; for bytes, half of their spread;
 *         NaN if there is only one value
 * @param allocated bytes for each operation; NaN for single-shot runs, which do not measure them
 */
record Answer(String benchmark, String method, String peer, Map<String, Integer> params, double median, double error,
        String unit, double allocated) {

    /**
     * The number of forks of benchmarks whose JVMs settle at one of two costs. The median of all would depend on
     * chance.
     */
    private static final int MANY_JVMS = 5;

    /** Reads an answer from the JSON of JMH. */
    static Answer of(JsonNode result) {
        String[] name = result.get("benchmark").asText().split("\\.");
        Map<String, Integer> params = new LinkedHashMap<>();
        String peer = null;
        for (Map.Entry<String, JsonNode> param : result.path("params").properties()) {
            if (param.getKey().equals("peer")) {
                peer = param.getValue().asText();
            } else {
                params.put(param.getKey(), param.getValue().asInt());
            }
        }
        JsonNode others = result.get("secondaryMetrics");
        boolean isOnce = result.get("mode").asText().equals("ss");
        boolean isSize = others.has("bytes");
        JsonNode metric = isSize ? others.get("bytes") : result.get("primaryMetric");
        JsonNode percentiles = metric.get("scorePercentiles");
        double error = isSize
                ? (percentiles.get("100.0").asDouble() - percentiles.get("0.0").asDouble()) / 2
                : metric.get("scoreError").asDouble(Double.NaN);
        double median = percentiles.get("50.0").asDouble();
        if (!isOnce && metric.get("rawData").size() >= MANY_JVMS) {
            double[] fast = ofFasterHalf(metric.get("rawData"));
            median = fast[fast.length / 2];
            error = (fast[fast.length - 1] - fast[0]) / 2;
        }
        return new Answer(name[name.length - 2], name[name.length - 1], peer, params, median, error,
                isSize ? "B" : metric.get("scoreUnit").asText().replace("/op", "").replace("us", "µs"),
                isOnce ? Double.NaN : others.path("gc.alloc.rate.norm").path("score").asDouble(Double.NaN));
    }

    /** Returns the medians of the JVMs that were faster than the others. */
    private static double[] ofFasterHalf(JsonNode forks) {
        double[] medians = new double[forks.size()];
        for (int i = 0; i < medians.length; i++) {
            double[] values = new double[forks.get(i).size()];
            Arrays.setAll(values, iteration(forks.get(i)));
            Arrays.sort(values);
            medians[i] = values[values.length / 2];
        }
        Arrays.sort(medians);
        return Arrays.copyOf(medians, medians.length / 2);
    }

    private static IntToDoubleFunction iteration(JsonNode fork) {
        return i -> fork.get(i).asDouble();
    }

    /** Returns the lower end of the error bar, which may be below zero. */
    double low() {
        return Double.isNaN(error) ? median : median - error;
    }

    /** Returns the upper end of the error bar. */
    double high() {
        return Double.isNaN(error) ? median : median + error;
    }

    /** Returns the text of the first cell of its row. */
    String row() {
        return peer != null ? peer : method;
    }

    /** Returns the heading of its column. */
    String column() {
        String values = params.entrySet().stream().map(p -> p.getKey() + "=" + number(p.getValue()))
                .collect(Collectors.joining(", "));
        if (peer == null) {
            return values.isEmpty() ? "cost" : values;
        }
        return values.isEmpty() ? method : method + ", " + values;
    }

    private static String number(int value) {
        return "%,d".formatted(value);
    }
}
