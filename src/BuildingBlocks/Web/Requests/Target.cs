namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>What a command on one resource is about, beside its body.</summary>
/// <param name="Id">The id in the route.</param>
/// <param name="Version">The version that the caller insists on (<c>If-Match</c>), or null.</param>
public readonly record struct Target(Guid Id, long? Version);
