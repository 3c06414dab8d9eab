package dev.scopedcontext.jmh.report;

import dev.scopedcontext.jmh.peer.Peer;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Paint;
import java.awt.Stroke;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.Plot;

/** How all charts look. */
final class Look {
    static final Color INK = new Color(0x33, 0x33, 0x33);
    static final Color GRID = new Color(0xdd, 0xdd, 0xdd);
    static final Stroke THIN = new BasicStroke(1);

    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

    /** Peers keep their colours from chart to chart. */
    private static final List<String> PEERS = List.of(Peer.SCOPED_CONTEXT, Peer.SCOPED_VALUE, Peer.THREAD_LOCAL,
            Peer.GRPC, Peer.OPEN_TELEMETRY, Peer.INHERITABLE, Peer.TRANSMITTABLE, Peer.FAST, Peer.HELIDON,
            Peer.REACTOR);
    private static final List<Color> COLORS = List.of(new Color(0xd6, 0x27, 0x28), new Color(0x1f, 0x77, 0xb4),
            new Color(0x2c, 0xa0, 0x2c), new Color(0xff, 0x7f, 0x0e), new Color(0x94, 0x67, 0xbd),
            new Color(0x8c, 0x56, 0x4b), new Color(0xe3, 0x77, 0xc2), new Color(0x17, 0xbe, 0xcf),
            new Color(0xbc, 0xbd, 0x22), new Color(0x7f, 0x7f, 0x7f));

    private Look() {
    }

    static Paint of(String peer) {
        return PEERS.contains(peer) ? of(PEERS.indexOf(peer)) : INK;
    }

    static Paint of(int series) {
        return COLORS.get(series % COLORS.size());
    }

    static void style(ValueAxis axis) {
        axis.setLabelFont(TEXT);
        axis.setTickLabelFont(TEXT);
    }

    static JFreeChart chart(String title, Plot plot) {
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlineVisible(false);
        JFreeChart chart = new JFreeChart(title, TITLE, plot, true);
        chart.setBackgroundPaint(Color.WHITE);
        chart.getLegend().setItemFont(TEXT);
        chart.getLegend().setFrame(BlockBorder.NONE);
        return chart;
    }

    static Font text() {
        return TEXT;
    }
}
