using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>A parked event as a store keeps it.</summary>
/// <param name="Sequence">Its place among all that were ever parked in the generation.</param>
/// <param name="Key">The key that is parked, as text.</param>
/// <param name="Record">The event.</param>
/// <param name="Reason">Why it cannot be applied; null where it waits behind one that cannot.</param>
/// <param name="ParkedAt">Since when.</param>
/// <param name="Asked">What an operator asked for that is not done yet.</param>
/// <param name="Operation">The operation that asked last.</param>
public sealed record DeadLetterEntry(long Sequence, string Key, LogRecord Record, string? Reason, DateTimeOffset ParkedAt, DeadLetterRequest? Asked, Guid? Operation)
{
    /// <summary>Where the event stands: an event is parked once.</summary>
    public (LogPartition Partition, long Offset) Place => (new LogPartition(Record.Log, Record.Partition), Record.Offset);
}

/// <summary>A parked event as a document.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeadLetterEntry))]
public sealed partial class DeadLettersJson : JsonSerializerContext
{
    /// <summary>Writes one.</summary>
    /// <param name="letter">The letter.</param>
    public static byte[] Write(DeadLetterEntry letter) => JsonSerializer.SerializeToUtf8Bytes(letter, Default.DeadLetterEntry);

    /// <summary>Reads one.</summary>
    /// <param name="document">The document.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static DeadLetterEntry Read(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize(document, Default.DeadLetterEntry) ?? throw new JsonException("A parked event is null.");
}
