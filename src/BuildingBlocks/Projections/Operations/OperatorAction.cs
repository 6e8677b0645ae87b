namespace Monolith.BuildingBlocks.Projections.Operations;

/// <summary>
/// One entry of the append-only record of operators: an operation was requested, or its state changed.
/// </summary>
/// <param name="At">The time.</param>
/// <param name="Operation">The operation that the entry belongs to.</param>
/// <param name="Actor">The operator; null if the request named none.</param>
/// <param name="Action">The request in words (<c>discard b7… (test data)</c>).</param>
/// <param name="Projection">The projection.</param>
/// <param name="Generation">The generation, if the operation is about one.</param>
/// <param name="Outcome">The state of the operation from then on.</param>
/// <param name="Detail">The outcome in words, if there is any.</param>
/// <param name="Sequence">The position of the entry in the record of its store.</param>
public sealed record OperatorAction(
    DateTimeOffset At,
    Guid Operation,
    string? Actor,
    string Action,
    string Projection,
    int? Generation,
    OperationState Outcome,
    string? Detail,
    long Sequence);

/// <summary>A position in the record of operators over all projections: ordered by time, then by operation, then by sequence.</summary>
/// <param name="At">The time.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Sequence">The position of the entry in the record of its store.</param>
public readonly record struct ActionCursor(DateTimeOffset At, Guid Operation, long Sequence);
