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
import org.jfree.chart.ui.RectangleInsets;

/** The style of all charts. */
final class Look {
    static final Color INK = new Color(0x33, 0x33, 0x33);
    static final Color GRID = new Color(0xdd, 0xdd, 0xdd);
    static final Stroke THIN = new BasicStroke(1);

    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

    /** Peers have the same colours in all charts. */
    private static final List<String> PEERS = List.of(Peer.SCOPED_CONTEXT, Peer.SCOPED_VALUE, Peer.THREAD_LOCAL,
            Peer.GRPC, Peer.OPEN_TELEMETRY, Peer.INHERITABLE, Peer.TRANSMITTABLE, Peer.FAST, Peer.HELIDON,
            Peer.REACTOR);
    private static final List<Color> COLORS = List.of(new Color(0xd6, 0x27, 0x28), new Color(0x1f, 0x77, 0xb4),
            new Color(0x2c, 0xa0, 0x2c), new Color(0xff, 0x7f, 0x0e), new Color(0x94, 0x67, 0xbd),
            new Color(0x8c, 0x56, 0x4b), new Color(0xe3, 0x77, 0xc2), new Color(0x17, 0xbe, 0xcf),
            new Color(0xbc, 0xbd, 0x22), new Color(0x7f, 0x7f, 0x7f));

    /** The colours of methods or parameters, none of which is the colour of a peer. */
    private static final List<Color> SERIES = List.of(new Color(0x22, 0x22, 0x22), new Color(0x6b, 0xae, 0xd6),
            new Color(0xb0, 0x7d, 0x00), new Color(0x00, 0x68, 0x5f), new Color(0xc5, 0xa3, 0xd8),
            new Color(0x9e, 0x9e, 0x9e), new Color(0xf4, 0xa5, 0x82), new Color(0x3f, 0x4f, 0x9f),
            new Color(0x8f, 0xc9, 0x8f), new Color(0x6d, 0x4c, 0x41));

    private Look() {
    }

    static Paint of(String peer) {
        return PEERS.contains(peer) ? COLORS.get(PEERS.indexOf(peer)) : INK;
    }

    static Paint of(int series) {
        return SERIES.get(series % SERIES.size());
    }

    static void style(ValueAxis axis) {
        axis.setLabelFont(TEXT);
        axis.setTickLabelFont(TEXT);
    }

    static JFreeChart chart(String title, Plot plot) {
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlineVisible(false);
        plot.setInsets(new RectangleInsets(4, 8, 4, 24)); // room for half of the last label of an axis
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
