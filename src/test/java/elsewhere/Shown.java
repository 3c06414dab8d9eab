package elsewhere;

/** An interface for everybody. */
public interface Shown {

    /** Shows it. */
    String show();
}
