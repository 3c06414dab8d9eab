package dev.scopedcontext.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;

/** An HTTP client that keeps its one connection, reads when it is told to, and can hang up. */
public final class RawClient implements AutoCloseable {

    /** Small, so that a server which writes more than some megabytes has to wait for the reader. */
    private static final int RECEIVED = 8 << 10;

    private final int port;
    private Socket socket;
    private InputStream in;

    /** Connects to a port of this machine, when it asks. */
    public RawClient(int port) {
        this.port = port;
    }

    /** What a server answered. */
    public record Answer(int status, String body) {
    }

    /** Asks, and reads the answer. */
    public Answer get(String path) throws IOException {
        send(path);
        return read();
    }

    /** Asks, on the connection that is open if it is. */
    public void send(String path, String... headers) throws IOException {
        if (socket == null) {
            socket = new Socket();
            socket.setReceiveBufferSize(RECEIVED);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            in = new BufferedInputStream(socket.getInputStream());
        }
        String asked = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", headers)
                + (headers.length == 0 ? "\r\n" : "\r\n\r\n");
        socket.getOutputStream().write(asked.getBytes(ISO_8859_1));
    }

    /** Reads the first line of an answer, and no more. */
    public int readStatus() throws IOException {
        return Integer.parseInt(line().split(" ", 3)[1]);
    }

    /** Reads an answer. */
    public Answer read() throws IOException {
        int status = readStatus();
        int length = -1;
        boolean chunked = false;
        boolean close = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String[] parts = header.toLowerCase(Locale.ROOT).split(": *", 2);
            switch (parts[0]) {
                case "content-length" -> length = Integer.parseInt(parts[1]);
                case "transfer-encoding" -> chunked = true;
                case "connection" -> close = parts[1].equals("close");
                default -> {
                }
            }
        }
        byte[] body = chunked ? chunks() : length < 0 ? in.readAllBytes() : in.readNBytes(length);
        if (close) {
            close();
        }
        return new Answer(status, new String(body, ISO_8859_1));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(), 16);
            body.write(in.readNBytes(size));
            line();
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server hung up after: " + line);
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Hangs up at once, so that the server's next write fails. */
    public void hangUp() throws IOException {
        if (socket != null) {
            socket.setSoLinger(true, 0);
        }
        close();
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
