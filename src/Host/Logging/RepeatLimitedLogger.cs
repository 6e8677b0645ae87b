namespace Monolith.Host.Logging;

/// <summary>Writes warnings and errors as often as the limit admits, and everything below at once.</summary>
internal sealed class RepeatLimitedLogger(string category, ILogger inner, RepeatLimit limit) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        var isLimited = logLevel >= LogLevel.Warning && inner.IsEnabled(logLevel);
        if (!isLimited || Admits(logLevel, eventId, state, exception, formatter(state, exception)))
            inner.Log(logLevel, eventId, state, exception, formatter);
    }

    private bool Admits<TState>(LogLevel level, EventId eventId, TState state, Exception? exception, string message) =>
        limit.Admits(LogCause.Of(category, level, eventId, state, message, exception), eventId, message, inner);
}
