using System.Text.Json.Nodes;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>What an answer looks like that is written as it comes, so that no type tells it.</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="Schema">Its JSON schema; null where it is no JSON.</param>
/// <param name="IsFile">Whether it is given a name, to be kept as a file.</param>
public sealed record WrittenForm(string MediaType, Func<JsonObject>? Schema = null, bool IsFile = false);
