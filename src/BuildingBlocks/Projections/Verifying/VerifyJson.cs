using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Projections.Operating;

namespace Monolith.BuildingBlocks.Projections.Verifying;

/// <summary>What a verification found, as it stands in its operation.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(VerifyResult))]
internal sealed partial class VerifyJson : JsonSerializerContext
{
    public static string Write(VerifyResult result) => JsonSerializer.Serialize(result, Default.VerifyResult);
}
