using System.Collections.Concurrent;

namespace Monolith.Host.Logging;

/// <summary>
/// Makes loggers that share one limit of repeated warnings, before the providers, so that each of them gets the same lines.
/// </summary>
internal sealed class RepeatLimitedLoggerFactory(ILoggerFactory inner, TimeProvider clock) : ILoggerFactory
{
    private readonly RepeatLimit limit = new(clock);
    private readonly ConcurrentDictionary<string, ILogger> loggers = new(StringComparer.Ordinal);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public ILogger CreateLogger(string categoryName) =>
        loggers.GetOrAdd(categoryName, category => new RepeatLimitedLogger(category, inner.CreateLogger(category), limit));

    public void Dispose()
    {
        limit.Dispose();
        inner.Dispose();
    }
}
