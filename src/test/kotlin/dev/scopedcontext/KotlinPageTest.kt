package dev.scopedcontext

import dev.scopedcontext.baggage.ContextBaggage
import dev.scopedcontext.executor.ContextExecutors
import dev.scopedcontext.task.Deadline
import dev.scopedcontext.task.Joiner
import dev.scopedcontext.task.TaskScope
import java.io.IOException
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.ExecutionException
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.resume
import kotlin.coroutines.startCoroutine
import kotlin.coroutines.suspendCoroutine
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith

data class User(val name: String)

val USER: ContextKey<User> = ContextKey.named("user")
val NOTE: ContextKey<String?> = ContextKey.named("note")

fun page(): String = "Hello ${USER.get().name}"

fun read(): String = throw IOException("disk")

fun split(): List<String> =
    TaskScope.open(Joiner.allSuccessfulOrThrow<String>()) { it.withTimeout(Duration.ofSeconds(2)) }.use { scope ->
        scope.fork(Callable { page() })
        scope.fork(Callable { page().uppercase() })
        scope.join()
    }

val BAGGAGE: ContextBaggage = ContextBaggage.builder()
    .member("user", USER, User::name, ::User)
    .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout)
    .build()

suspend fun pageOf(fetch: suspend () -> String): String {
    val now = ScopedContext.capture()
    val title = fetch() // may resume on another thread
    return now.call<_, Nothing> { "$title: ${page()}" }
}

/** The examples of docs/guide/kotlin.md. */
@ExtendWith(CleanThread::class)
class KotlinPageTest {

    private val alice = User("alice")
    private val pool: ExecutorService = Executors.newSingleThreadExecutor()
    private val suspended = CountDownLatch(1)

    @AfterEach
    fun shutDown() {
        pool.shutdown()
    }

    @Test
    fun `values are bound and read`() {
        ScopedContext.where(USER, alice).run { println(page()) }
        val called = ScopedContext.where(USER, alice).call<_, Nothing> { page() }
        val attached = ScopedContext.where(USER, alice).attach().use { page() }
        assertThat(listOf(called, attached)).containsOnly("Hello alice")
    }

    @Test
    fun `the exception of a call is declared`() {
        assertThatThrownBy {
            ScopedContext.where(USER, alice).call<_, IOException> { read() }
        }.isInstanceOf(IOException::class.java)
    }

    @Test
    fun `nullness is part of the type`() {
        ScopedContext.where(USER, alice).where(NOTE, null).run {
            val user: User = USER.get()
            val note: String? = NOTE.get()
            val name: String? = USER.orElse(null)?.name
            assertThat(listOf(user, note, name)).containsExactly(alice, null, "alice")
        }
    }

    @Test
    fun `context is handed over`() {
        val executor = ContextExecutors.propagating(pool)
        val future = ScopedContext.where(USER, alice).call<_, Nothing> { executor.submit<String> { page() } }
        assertThat(future.get()).isEqualTo("Hello alice")
    }

    @Test
    fun `work is split`() {
        val pages = ScopedContext.where(USER, alice).call<_, Exception> { split() }
        assertThat(pages).containsExactly("Hello alice", "HELLO ALICE")
    }

    @Test
    fun `baggage travels`() {
        val headers = mutableMapOf<String, String>()
        ScopedContext.where(USER, alice).run { BAGGAGE.inject(headers::put) }
        assertThat(headers).containsExactly(java.util.Map.entry("baggage", "user=alice"))
    }

    /** Suspends, and resumes on the thread of the pool. */
    private suspend fun fetch(): String = suspendCoroutine { rest ->
        pool.execute {
            suspended.await() // or else the coroutine may continue without a suspension
            rest.resume("Home")
        }
    }

    private fun <T> result(body: suspend () -> T): T {
        val result = CompletableFuture<T>()
        body.startCoroutine(Continuation(EmptyCoroutineContext) { end ->
            end.fold(result::complete, result::completeExceptionally)
        })
        suspended.countDown()
        return result.get()
    }

    @Test
    fun `a snapshot is used after a suspension`() {
        val page = ScopedContext.where(USER, alice).call<_, Exception> { result { pageOf { fetch() } } }
        assertThat(page).isEqualTo("Home: Hello alice")
    }

    /** Why the page warns of it: the attachment stays on one thread, and the coroutine continues on another. */
    @Test
    fun `an attachment does not follow a suspending call`() {
        val left = CompletableFuture<Boolean>()
        val thread = Thread {
            assertThatThrownBy {
                result {
                    ScopedContext.where(USER, alice).attach().use {
                        fetch()
                        page()
                    }
                }
            }.isInstanceOf(ExecutionException::class.java).satisfies({ failure ->
                assertThat(failure.cause).isInstanceOf(UnboundContextException::class.java)
                assertThat(failure.cause!!.suppressed.single()).isInstanceOf(IllegalStateException::class.java)
            })
            left.complete(USER.isBound)
        }
        thread.start()
        thread.join()
        assertThat(left.getNow(false)).isTrue()
    }
}
