package elsewhere;

/** Makes the hidden methods visible, so that other packages can override them. */
public class Showing extends Hiding {

    /** Creates one that shows a text. */
    public Showing(String text) {
        super(text);
    }

    @Override
    public String hidden() {
        return "shown " + super.hidden();
    }

    @Override
    public String narrowed() {
        return "narrowed " + super.narrowed();
    }
}
