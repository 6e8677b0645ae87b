using System.Text.Json.Serialization;

namespace Monolith.BuildingBlocks.Web.Answers;

/// <summary>A page as callers see it.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The items, newest last.</param>
/// <param name="Next">The URL of the next page; absent on the last.</param>
public sealed record PageBody<T>(
    IReadOnlyList<T> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);
