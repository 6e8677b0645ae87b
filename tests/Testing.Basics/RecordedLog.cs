using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Monolith.Testing;

/// <summary>Records the log entries of a host for assertions.</summary>
public sealed class RecordedLog : ILoggerProvider, ILoggerFactory
{
    private readonly ConcurrentQueue<Entry> entries = new();

    public IReadOnlyCollection<Entry> Entries => entries;

    public void Clear() => entries.Clear();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, entries);

    void ILoggerFactory.AddProvider(ILoggerProvider provider) => throw new NotSupportedException("It is the only provider.");

    public void Dispose()
    {
    }

    /// <summary>One entry.</summary>
    public sealed record Entry(string Category, LogLevel Level, EventId Event, string Message, Exception? Exception);

    private sealed class Logger(string category, ConcurrentQueue<Entry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new Entry(category, logLevel, eventId, formatter(state, exception), exception));
    }
}
