using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monolith.Modules.Orders.Summaries;

/// <summary>How the amounts of a summary are kept.</summary>
[JsonSerializable(typeof(Money[]))]
[JsonSerializable(typeof(Spending))]
internal sealed partial class SummariesJson : JsonSerializerContext
{
    public static SummariesJson Web { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase });
}
