package dev.scopedcontext

import dev.scopedcontext.baggage.ContextBaggage
import dev.scopedcontext.executor.ContextExecutors
import dev.scopedcontext.task.Deadline
import dev.scopedcontext.task.Joiner
import dev.scopedcontext.task.TaskScope
import java.io.IOException
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith

/**
 * How the API reads from Kotlin. Much of what is tested here is that it compiles, with warnings as errors: the
 * annotations of nullness give values their types.
 */
@ExtendWith(CleanThread::class)
class KotlinTest {

    data class User(val name: String)

    private val user = ContextKey.named<User>("user")
    private val greeting = ContextKey.withDefault("greeting", "Hello")
    private val note = ContextKey.named<String?>("note")
    private val alice = User("alice")

    @Test
    fun `bindings are made, run and called with plain lambdas`() {
        ScopedContext.where(user, alice).where(greeting, "Salut").run {
            assertThat("${greeting.get()} ${user.get().name}").isEqualTo("Salut alice")
        }
        val called: String = ScopedContext.where(user, alice).call<_, Nothing> { user.get().name }
        val attached: String = ScopedContext.where(user, alice).attach().use { user.get().name }
        assertThat(listOf(called, attached)).containsOnly("alice")
    }

    @Test
    fun `what is got is not null, and what may be missing may be null`() {
        ScopedContext.where(user, alice).run {
            val bound: User = user.get()
            val orNobody: User? = user.orElse(null)
            val name: String? = user.orElse(null)?.name
            val thrown: User = user.orElseThrow { IllegalStateException("who?") }
            assertThat(listOf(bound, orNobody, thrown)).containsOnly(alice)
            assertThat(name).isEqualTo("alice")
        }
        assertThat(user.orElse(null)?.name ?: "nobody").isEqualTo("nobody")
        assertThatThrownBy { user.orElseThrow { IllegalStateException("who?") } }.hasMessage("who?")
    }

    @Test
    fun `a key of values that may be null says so`() {
        ScopedContext.where(note, null).run {
            val text: String? = note.get()
            assertThat(text).isNull()
            assertThat(note.isBound).isTrue()
        }
    }

    @Test
    fun `exceptions pass`() {
        assertThatThrownBy {
            ScopedContext.where(user, alice).call<_, IOException> { throw IOException("disk") }
        }.isInstanceOf(IOException::class.java).hasMessage("disk")
    }

    @Test
    fun `an attachment is used`() {
        ScopedContext.where(user, alice).attach().use { assertThat(user.get()).isEqualTo(alice) }
        assertThat(user.isBound).isFalse()
    }

    @Test
    fun `context is handed over`() {
        val pool = Executors.newSingleThreadExecutor()
        try {
            val executor = ContextExecutors.propagating(pool)
            val names = ScopedContext.where(user, alice).call<_, Exception> {
                val now = ScopedContext.capture()
                listOf(
                    executor.submit<String> { user.get().name }.get(),
                    pool.submit(now.wrap(Callable { user.get().name })).get(),
                    now.wrapFunction { greeting: String -> "$greeting ${user.get().name}" }.apply("Hi"),
                )
            }
            assertThat(names).containsExactly("alice", "alice", "Hi alice")
        } finally {
            pool.shutdownNow()
        }
    }

    @Test
    fun `work is split`() {
        val names: List<String> = ScopedContext.where(user, alice).call<_, Exception> {
            TaskScope.open(Joiner.allSuccessfulOrThrow<String>()) { it.withTimeout(Duration.ofMinutes(1)) }.use { scope ->
                scope.fork(Callable { user.get().name })
                scope.fork(Callable { user.get().name.uppercase() })
                scope.join()
            }
        }
        assertThat(names).containsExactly("alice", "ALICE")
    }

    @Test
    fun `keys are declared to travel`() {
        val baggage = ContextBaggage.builder()
            .member("user", user, User::name, ::User)
            .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout)
            .build()
        val headers = mutableMapOf<String, String>()
        ScopedContext.where(user, User("Zoë")).run { baggage.inject(headers::put) }
        assertThat(headers).containsExactly(java.util.Map.entry("baggage", "user=Zo%C3%AB"))
        baggage.extract { name -> headers[name]?.let(::listOf) }.run {
            assertThat(user.get().name).isEqualTo("Zoë")
        }
    }
}
