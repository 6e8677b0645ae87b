using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Infrastructure;

/// <summary>The fields of both indexes that are not text.</summary>
internal static class IndexFields
{
    public const string Id = "id";
    public const string Status = "status";
    public const string At = "at";

    /// <summary>A time as a field value: microseconds since 1970.</summary>
    public static long? TimeOf(DateTimeOffset? time) => (time - DateTimeOffset.UnixEpoch)?.Ticks / TimeSpan.TicksPerMicrosecond;
}

/// <summary>The JSON of rows that is stored in documents.</summary>
[JsonSerializable(typeof(CustomerRow))]
[JsonSerializable(typeof(OrderRow))]
internal sealed partial class SearchRowsJson : JsonSerializerContext
{
    public static SearchRowsJson Web { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = PlainTextEncoder.Instance,
        Converters = { new UtcMicroseconds() },
    });
}
