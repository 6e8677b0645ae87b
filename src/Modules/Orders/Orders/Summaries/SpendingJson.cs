using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monolith.Modules.Orders.Summaries;

/// <summary>Spending as it stands in the column <c>spent</c>: <c>[{"currency":"EUR","amount":12.50}]</c>.</summary>
internal sealed class SpendingJson : JsonConverter<Spending>
{
    public override Spending Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Spending.Of(JsonSerializer.Deserialize(ref reader, SummariesJson.Web.MoneyArray)!);

    public override void Write(Utf8JsonWriter writer, Spending value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [.. value], SummariesJson.Web.MoneyArray);
}
