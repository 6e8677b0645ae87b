namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>One OpenAPI document.</summary>
/// <param name="Name">Its name, which is that of its file: <c>/openapi/v1.json</c>.</param>
/// <param name="Title">What it documents.</param>
/// <param name="Prefix">The routes that it documents: all below this path.</param>
/// <param name="Description">What holds for all of them.</param>
internal sealed record ApiDocument(string Name, string Title, string Prefix, string Description)
{
    /// <summary>The version of what is documented; what would break callers gets another prefix.</summary>
    public const string Version = "1.0";

    public string Path => $"/openapi/{Name}.json";
}
