package elsewhere;

import java.util.function.Function;

/** Asks on behalf of a test that cannot. */
public class Asker implements Function<Object, String> {

    @Override
    public String apply(Object asked) {
        return asked instanceof Secret secret ? secret.tell() : ((Shown) asked).show();
    }
}
