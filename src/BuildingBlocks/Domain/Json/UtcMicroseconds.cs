using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monolith.BuildingBlocks.Domain.Json;

/// <summary>Writes a time as RFC 3339 in UTC with microseconds, always of the same length: <c>2026-01-31T09:30:00.123456Z</c>.</summary>
public sealed class UtcMicroseconds : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
    private const int Length = 27;

    /// <inheritdoc />
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset().ToUniversalTime();

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Length];
        value.UtcDateTime.TryFormat(text, out var written, Format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }
}
