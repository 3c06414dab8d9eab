package dev.scopedcontext.jmh;

import static dev.scopedcontext.jmh.peer.Peer.FAST;
import static dev.scopedcontext.jmh.peer.Peer.HELIDON;
import static dev.scopedcontext.jmh.peer.Peer.INHERITABLE;
import static dev.scopedcontext.jmh.peer.Peer.MICROMETER;
import static dev.scopedcontext.jmh.peer.Peer.REACTOR;
import static dev.scopedcontext.jmh.peer.Peer.TRANSMITTABLE;
import static dev.scopedcontext.jmh.peer.Peer.GRPC;
import static dev.scopedcontext.jmh.peer.Peer.NOTHING;
import static dev.scopedcontext.jmh.peer.Peer.OPEN_TELEMETRY;
import static dev.scopedcontext.jmh.peer.Peer.SCOPED_CONTEXT;
import static dev.scopedcontext.jmh.peer.Peer.SCOPED_VALUE;
import static dev.scopedcontext.jmh.peer.Peer.THREAD_LOCAL;

import dev.scopedcontext.jmh.program.GrpcProgram;
import dev.scopedcontext.jmh.program.OpenTelemetryProgram;
import dev.scopedcontext.jmh.program.PlainProgram;
import dev.scopedcontext.jmh.program.ScopedContextProgram;
import dev.scopedcontext.jmh.program.ScopedValueProgram;
import dev.scopedcontext.jmh.program.ThreadLocalProgram;
import dev.scopedcontext.jmh.program.HelidonProgram;
import dev.scopedcontext.jmh.program.TransmittableProgram;
import dev.scopedcontext.jmh.program.FastProgram;
import dev.scopedcontext.jmh.program.InheritableProgram;
import dev.scopedcontext.jmh.program.ReactorProgram;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Question 11: how long does a program take that binds one key, reads it, and ends?
 *
 * <p>Each program is a JVM from start to end, in its state after installation, with all libraries on its class path.
 * Without context, only the common part runs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@Cannot(peer = MICROMETER, why = Cannot.NO_VALUES)
public class FirstUse {
    @Param({NOTHING, SCOPED_CONTEXT, SCOPED_VALUE, THREAD_LOCAL, INHERITABLE, GRPC, OPEN_TELEMETRY, TRANSMITTABLE, FAST,
            HELIDON, REACTOR})
    String peer;

    @Benchmark
    public int start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-Dscopedcontext.")).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program().getName()));
        int status = new ProcessBuilder(command).inheritIO()
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with status " + status);
        }
        return status;
    }

    private Class<?> program() {
        return switch (peer) {
            case SCOPED_CONTEXT -> ScopedContextProgram.class;
            case SCOPED_VALUE -> ScopedValueProgram.class;
            case THREAD_LOCAL -> ThreadLocalProgram.class;
            case GRPC -> GrpcProgram.class;
            case OPEN_TELEMETRY -> OpenTelemetryProgram.class;
            case HELIDON -> HelidonProgram.class;
            case TRANSMITTABLE -> TransmittableProgram.class;
            case FAST -> FastProgram.class;
            case INHERITABLE -> InheritableProgram.class;
            case REACTOR -> ReactorProgram.class;
            default -> PlainProgram.class;
        };
    }
}
