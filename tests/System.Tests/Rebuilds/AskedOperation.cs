namespace Monolith.System.Tests.Rebuilds;

/// <summary>What an operator asked for, as the admin API tells.</summary>
internal sealed record AskedOperation(Guid Id, string Kind, string Projection, int? Generation, string State, string? Detail);
