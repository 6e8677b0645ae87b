using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monolith.BuildingBlocks.Web.Numbers;

/// <summary>
/// Reads the numbers of a request exactly. System.Text.Json rounds what a decimal cannot hold, and refuses integers that are written with
/// a point or an exponent.
/// </summary>
public static class ExactNumbers
{
    private delegate string? Reader<T>(ReadOnlySpan<byte> text, out T value);

    /// <summary>Adds the converters of all number types.</summary>
    /// <param name="converters">The converters of the serializer options.</param>
    public static void AddTo(IList<JsonConverter> converters)
    {
        converters.Add(new Converter<decimal>(ExactNumber.Read, (writer, value) => writer.WriteNumberValue(value)));
        converters.Add(new Converter<long>(ReadLong, (writer, value) => writer.WriteNumberValue(value)));
        converters.Add(new Converter<int>(ReadInt, (writer, value) => writer.WriteNumberValue(value)));
    }

    private static string? ReadLong(ReadOnlySpan<byte> text, out long value) =>
        ExactNumber.ReadWhole(text, long.MinValue, long.MaxValue, out value);

    private static string? ReadInt(ReadOnlySpan<byte> text, out int value)
    {
        var fault = ExactNumber.ReadWhole(text, int.MinValue, int.MaxValue, out var number);
        value = (int)number;
        return fault;
    }

    private sealed class Converter<T>(Reader<T> read, Action<Utf8JsonWriter, T> write) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.Number)
                throw new InvalidValueException("Must be a number.");
            var text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
            return read(text, out var value) is { } fault ? throw new InvalidValueException(fault) : value;
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => write(writer, value);
    }
}

/// <summary>A value of a request does not fit its field. The serializer adds the path; the message is for the client.</summary>
internal sealed class InvalidValueException(string fault) : JsonException(fault)
{
    public string Fault { get; } = fault;
}
