package elsewhere;

import java.io.Serializable;

/** What can be told and shown. */
public class Teller implements ShownSecret, Shown, Serializable {

    private static final long serialVersionUID = 1L;

    private final String text;

    /** Creates one that tells a text. */
    public Teller(String text) {
        this.text = text;
    }

    @Override
    public String tell() {
        return text;
    }

    @Override
    public String show() {
        return text;
    }
}
