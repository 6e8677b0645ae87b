using Microsoft.Extensions.Logging;

namespace Monolith.Host.Tests.Unit.Logging;

/// <summary>Records log lines.</summary>
internal sealed class RecordingFactory : ILoggerFactory
{
    private readonly Lock gate = new();

    public List<Line> Lines { get; } = [];

    public IReadOnlyList<string> Texts => [.. Lines.Select(line => line.Text)];

    public LogLevel Least { get; set; }

    public bool IsDisposed { get; private set; }

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => IsDisposed = true;

    internal sealed record Line(
        string Category, LogLevel Level, string Text, Exception? Exception, IReadOnlyDictionary<string, object?> Values);

    private sealed class Logger(RecordingFactory factory, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= factory.Least;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var values = (state as IEnumerable<KeyValuePair<string, object?>> ?? []).ToDictionary();
            lock (factory.gate)
                factory.Lines.Add(new Line(category, logLevel, formatter(state, exception), exception, values));
        }
    }
}
