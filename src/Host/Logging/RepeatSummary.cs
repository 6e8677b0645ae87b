using System.Collections;
using System.Globalization;

namespace Monolith.Host.Logging;

/// <summary>
/// One line for the repeats of a line: the text of the last one, how many there were, in what time, and when the last one came.
/// </summary>
internal sealed class RepeatSummary(
    ILogger logger, LogLevel level, EventId eventId, string message, int count, TimeSpan window, DateTimeOffset last)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string Template = "{Message} [{Count} more in {Seconds} s, the last at {Last:HH:mm:ss}Z]";

    private readonly KeyValuePair<string, object?>[] values =
    [
        new("Message", message),
        new("Count", count),
        new("Seconds", (long)Math.Round(window.TotalSeconds)),
        new("Last", last),
        new("{OriginalFormat}", Template),
    ];

    public int Count => values.Length;

    public KeyValuePair<string, object?> this[int index] => values[index];

    public void Write() => logger.Log(level, eventId, this, null, static (summary, _) => summary.ToString());

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => values.GetEnumerator();

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{message} [{count} more in {values[2].Value} s, the last at {last:HH:mm:ss}Z]");
}
