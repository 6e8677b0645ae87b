using System.Text.Json.Serialization;

namespace Monolith.BuildingBlocks.Events.Postgres.Idempotency;

/// <summary>How the headers of a kept answer are stored.</summary>
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class HeadersJson : JsonSerializerContext;
