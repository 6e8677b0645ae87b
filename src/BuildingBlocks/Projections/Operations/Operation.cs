using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Operations;

/// <summary>Something that an operator asked for.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it is: <c>rebuild</c>, <c>promote</c>, <c>cancel</c>, <c>rollback</c>, <c>drop</c>, <c>pause</c>, <c>resume</c>, <c>verify</c>, <c>requeue</c>, <c>discard</c>; a rebuild that a new version began by itself is <c>upgrade</c>.</param>
/// <param name="Projection">The projection.</param>
/// <param name="Generation">The generation that it is about; null where it is about none.</param>
/// <param name="Actor">Who asked; null where nobody said.</param>
/// <param name="State">How far it is.</param>
/// <param name="Detail">What became of it, or why not, in a sentence; null while there is nothing to say.</param>
/// <param name="Result">What it found; of a verify a <c>VerifyResult</c>, else null.</param>
/// <param name="StartedAt">When it was asked for.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
public sealed record Operation(
    Guid Id,
    string Kind,
    string Projection,
    int? Generation,
    string? Actor,
    OperationState State,
    string? Detail,
    JsonElement? Result,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt);

/// <summary>How far an operation is.</summary>
public enum OperationState
{
    /// <summary>It is being done.</summary>
    Running,

    /// <summary>It was done.</summary>
    Done,

    /// <summary>It failed, or was cancelled.</summary>
    Failed,

    /// <summary>It was refused, and changed nothing.</summary>
    Refused,
}

/// <summary>What the record of operators says of a step; a store writes it in the step's own transaction, so that nothing is done that nobody recorded.</summary>
/// <param name="Operation">The operation, as it is with the step.</param>
/// <param name="Action">What was asked for, in words.</param>
public sealed record Recording(Operation Operation, string Action);
