namespace Monolith.Host.Logging;

/// <summary>
/// Lets the first line of a cause pass, and counts the others until its window ends. Then one summary says how many there were, and the
/// next window begins; after a window without any, the cause is forgotten.
/// </summary>
internal sealed class RepeatLimit : IDisposable
{
    // Beyond these the lines of further causes count together, so that neither memory nor output grows without bound.
    internal const int MaxCausesOfSource = 10;
    internal const int MaxCauses = 1_000;

    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const string OtherCauses = "";

    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private readonly Dictionary<LogCause, Repeats> causes = [];
    private readonly Dictionary<LogSource, int> causesOfSources = [];

    // All windows are of one length, so that the first that began is the first that ends.
    private readonly Queue<Repeats> windows = new();
    private bool isDisposed;

    public RepeatLimit(TimeProvider clock)
    {
        this.clock = clock;
        timer = clock.CreateTimer(_ => EndWindows(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether a line is to be written now. One that is not is in the next summary of its cause.</summary>
    public bool Admits(LogCause cause, EventId eventId, string message, ILogger logger)
    {
        lock (gate)
        {
            if (isDisposed)
                return true;
            cause = Bounded(cause);
            if (causes.TryGetValue(cause, out var known))
            {
                known.Add(message, clock.GetUtcNow());
                return false;
            }

            Begin(new Repeats(cause, eventId, logger));
            return true;
        }
    }

    /// <summary>Writes the summaries that are due later; from now on every line passes.</summary>
    public void Dispose()
    {
        RepeatSummary[] summaries;
        lock (gate)
        {
            isDisposed = true;
            summaries = [.. windows.Select(repeats => repeats.Take(clock.GetElapsedTime(repeats.Started))).OfType<RepeatSummary>()];
            windows.Clear();
            causes.Clear();
            causesOfSources.Clear();
        }

        timer.Dispose();
        Write(summaries);
    }

    private LogCause Bounded(LogCause cause)
    {
        if (causes.ContainsKey(cause))
            return cause;
        if (causes.Count >= MaxCauses)
            return new LogCause(new LogSource(OtherCauses, cause.Source.Level, default, OtherCauses), OtherCauses);
        return causesOfSources.GetValueOrDefault(cause.Source) < MaxCausesOfSource ? cause : cause with { Text = OtherCauses };
    }

    private void Begin(Repeats repeats)
    {
        causes.Add(repeats.Cause, repeats);
        causesOfSources[repeats.Cause.Source] = causesOfSources.GetValueOrDefault(repeats.Cause.Source) + 1;
        Enqueue(repeats);
    }

    private void Forget(LogCause cause)
    {
        causes.Remove(cause);
        if (--causesOfSources[cause.Source] == 0)
            causesOfSources.Remove(cause.Source);
    }

    private void Enqueue(Repeats repeats)
    {
        repeats.Started = clock.GetTimestamp();
        windows.Enqueue(repeats);
        if (windows.Count == 1)
            timer.Change(Window, Timeout.InfiniteTimeSpan);
    }

    private void EndWindows()
    {
        var summaries = new List<RepeatSummary>();
        lock (gate)
        {
            if (isDisposed)
                return;
            while (windows.TryPeek(out var first) && clock.GetElapsedTime(first.Started) >= Window)
            {
                windows.Dequeue();
                if (first.Take(clock.GetElapsedTime(first.Started)) is { } summary)
                {
                    summaries.Add(summary);
                    Enqueue(first);
                }
                else
                {
                    Forget(first.Cause);
                }
            }

            if (windows.TryPeek(out var next))
                timer.Change(NotNegative(Window - clock.GetElapsedTime(next.Started)), Timeout.InfiniteTimeSpan);
        }

        // Not under the lock: a provider may write lines itself.
        Write(summaries);
    }

    private static void Write(IEnumerable<RepeatSummary> summaries)
    {
        foreach (var summary in summaries)
        {
            try
            {
                summary.Write();
            }
            catch (AggregateException)
            {
                // The logger collects what its providers throw. In a callback of a timer it would end the process.
            }
        }
    }

    private static TimeSpan NotNegative(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;

    private sealed class Repeats(LogCause cause, EventId eventId, ILogger logger)
    {
        private int count;
        private string last = "";
        private DateTimeOffset lastAt;

        public LogCause Cause => cause;

        /// <summary>When its window began, as a timestamp of the clock.</summary>
        public long Started { get; set; }

        public void Add(string message, DateTimeOffset at)
        {
            count++;
            last = message;
            lastAt = at;
        }

        /// <summary>What there was in the window; null: nothing.</summary>
        public RepeatSummary? Take(TimeSpan window)
        {
            if (count == 0)
                return null;
            var summary = new RepeatSummary(logger, cause.Source.Level, eventId, last, count, window, lastAt);
            count = 0;
            return summary;
        }
    }
}
