package dev.scopedcontext.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The Markdown pages of the project, the blocks of code in them, and the sources that hold these blocks. */
final class Documents {

    static final Path HOME = Path.of(System.getProperty("basedir", ""));

    private static final Pattern IMPORT = Pattern.compile("import ((?:static )?[\\w.]+);?");

    private Documents() {
    }

    /** A block of code: the import lines at its head, and the code below them. */
    record Block(List<String> imports, String code) {

        private static Block of(List<String> lines) {
            int head = (int) lines.stream().takeWhile(l -> l.isBlank() || IMPORT.matcher(l.strip()).matches()).count();
            return new Block(importsOf(lines.subList(0, head)), dedent(lines.subList(head, lines.size())));
        }

        @Override
        public String toString() {
            return code;
        }
    }

    /** A file of source code without the marks of regions. */
    record Source(String folder, List<String> imports, List<String> lines) {

        private static Source of(Path file) {
            List<String> lines = Documents.lines(file).stream().filter(l -> !l.matches("\\s*// @(start|end)\\b.*"))
                    .toList();
            String folder = lines.stream().filter(l -> l.startsWith("package ")).findFirst().orElse("")
                    .replaceFirst("^package ", "").replace(";", "");
            return new Source(folder, importsOf(lines), lines);
        }

        /** Tells whether the code is a part of this file, and the imports are those of this file or of its package. */
        boolean holds(Block block) {
            return contains(lines, block.code()) && block.imports().stream()
                    .allMatch(name -> imports.contains(name) || packageOf(name).equals(folder));
        }
    }

    /** Returns all pages. */
    static List<Path> pages() {
        return Stream.of(files("", 1, ".md"), files("docs", 99, ".md"), files("examples", 99, ".md"))
                .flatMap(pages -> pages).filter(page -> !page.toString().contains("/target/")).toList();
    }

    /** Returns the sources of all tests, of the demo and of the other examples in a language. */
    static List<Source> sources(String language, String ending) {
        String tests = "src/test/" + language;
        return Stream.of(tests, "spring-boot/" + tests, "examples").flatMap(d -> files(d, 99, ending))
                .map(Source::of).toList();
    }

    static List<Block> blocks(String language, List<String> page) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < page.size(); i++) {
            if (page.get(i).strip().equals("```" + language)) {
                int start = i + 1;
                while (!page.get(++i).strip().equals("```")) {
                }
                blocks.add(Block.of(page.subList(start, i)));
            }
        }
        return blocks;
    }

    static boolean contains(List<String> source, String block) {
        int length = (int) block.lines().count();
        return IntStream.rangeClosed(0, source.size() - length)
                .anyMatch(i -> dedent(source.subList(i, i + length)).equals(block));
    }

    static String packageOf(String name) {
        return name.replaceFirst("\\.[^.]*$", "");
    }

    static String simpleNameOf(String name) {
        return name.replaceFirst("^.*\\.", "");
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Path> files(String directory, int depth, String ending) {
        Path in = HOME.resolve(directory);
        if (!Files.isDirectory(in)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.walk(in, depth)) {
            return files.filter(f -> f.toString().endsWith(ending)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> importsOf(List<String> lines) {
        Set<String> imports = new LinkedHashSet<>();
        for (String line : lines) {
            Matcher found = IMPORT.matcher(line.strip());
            if (found.matches()) {
                imports.add(found.group(1));
            }
        }
        return List.copyOf(imports);
    }

    private static String dedent(List<String> lines) {
        return String.join("\n", lines).stripIndent();
    }
}
