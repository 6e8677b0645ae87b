namespace Monolith.System.Tests.Rebuilds;

/// <summary>An operation that an operator requested, as the admin API reports it.</summary>
internal sealed record AdminOperation(Guid Id, string Kind, string Projection, int? Generation, string State, string? Detail);
