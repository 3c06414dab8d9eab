package elsewhere;

/** A class with methods that only its own package can call and override. */
public class Hiding {

    private final String text;

    /** Creates one that hides a text. */
    public Hiding(String text) {
        this.text = text;
    }

    String hidden() {
        return text;
    }

    CharSequence narrowed() {
        return text;
    }

    /** Calls the methods as code of this package. */
    public static String ask(Hiding hiding) {
        return hiding.hidden() + ", " + hiding.narrowed();
    }
}
