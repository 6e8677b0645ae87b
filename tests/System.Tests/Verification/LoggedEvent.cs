using System.Text.Json;

namespace Monolith.System.Tests.Verification;

/// <summary>A row of a module's log, read with plain SQL.</summary>
internal sealed record LoggedEvent(
    int Partition,
    long Offset,
    Guid Id,
    Guid Stream,
    long Version,
    string Type,
    string Data,
    DateTimeOffset At,
    string? Actor,
    Guid Correlation,
    Guid? Causation,
    string? Traceparent)
{
    /// <summary>The fields of the event.</summary>
    public JsonElement Fields()
    {
        using var json = JsonDocument.Parse(Data);
        return json.RootElement.Clone();
    }
}
