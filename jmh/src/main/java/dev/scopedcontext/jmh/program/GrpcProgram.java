package dev.scopedcontext.jmh.program;

import io.grpc.Context;

/** Uses gRPC. */
public final class GrpcProgram {
    private static final Context.Key<String> KEY = Context.key("key");

    private GrpcProgram() {
    }

    /** Binds a key, and reads it. */
    public static void main(String[] args) throws Exception {
        Context.current().withValue(KEY, "value").run(() -> System.out.println(KEY.get()));
    }
}
