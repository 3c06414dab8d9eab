package dev.scopedcontext.support;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs random programs, each from a seed of its own. The seed of the first program is printed, and a failure names the
 * seed of its program. {@code -Dprogram.seed} sets the first seed. {@code -Dprogram.minutes} sets the length of a long
 * run.
 */
public final class RandomPrograms {

    private RandomPrograms() {
    }

    /** A program, or a comparison of two. */
    public interface Program {

        /** Runs the program for a seed. */
        void run(long seed) throws Exception;
    }

    /** Runs a number of programs. */
    public static void run(Class<?> test, int programs, Program program) {
        long base = base(test);
        for (long seed = base; seed < base + programs; seed++) {
            run(test, seed, program);
        }
    }

    /** Runs programs for some minutes. */
    public static void runForMinutes(Class<?> test, Program program) {
        long base = base(test);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Integer.getInteger("program.minutes", 1));
        long seed = base;
        while (System.nanoTime() < end) {
            run(test, seed++, program);
        }
        System.out.println(test.getSimpleName() + ": " + (seed - base) + " programs");
    }

    private static long base(Class<?> test) {
        Long given = Long.getLong("program.seed");
        long base = given != null ? given : System.nanoTime();
        System.out.println(test.getSimpleName() + ": -Dprogram.seed=" + base);
        return base;
    }

    private static void run(Class<?> test, long seed, Program program) {
        try {
            program.run(seed);
        } catch (Throwable failure) {
            throw new AssertionError(test.getSimpleName() + ": -Dprogram.seed=" + seed + " fails in its first program: "
                    + failure.getMessage(), failure);
        }
    }

    /** Fails unless two transcripts are equal; the message shows the lines before the first that differ. */
    public static void compare(String theirs, String ours) {
        if (theirs.equals(ours)) {
            return;
        }
        String[] their = theirs.split("\n", -1);
        String[] our = ours.split("\n", -1);
        int line = 0;
        while (line < their.length && line < our.length && their[line].equals(our[line])) {
            line++;
        }
        StringBuilder message = new StringBuilder("ours differs from the JDK's.\n");
        for (int before = 0; before < line; before++) {
            message.append("both : ").append(their[before]).append('\n');
        }
        message.append("JDK's: ").append(at(their, line)).append("\nours : ").append(at(our, line)).append('\n');
        throw new AssertionError(message.toString());
    }

    private static @Nullable String at(String[] lines, int line) {
        return line < lines.length ? lines[line] : "(end)";
    }
}
