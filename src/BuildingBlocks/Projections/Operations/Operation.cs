using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Operations;

/// <summary>Something that an operator requested for a projection.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">
/// <c>rebuild</c>, <c>promote</c>, <c>cancel</c>, <c>rollback</c>, <c>drop</c>, <c>pause</c>, <c>resume</c>, <c>verify</c>, <c>requeue</c>
/// or <c>discard</c>; <c>upgrade</c> is a rebuild that a new version of the fold started.
/// </param>
/// <param name="Projection">The projection.</param>
/// <param name="Generation">The generation, if the operation is about one.</param>
/// <param name="Actor">The operator; null if the request named none.</param>
/// <param name="State">Its state.</param>
/// <param name="Detail">The outcome in a sentence; null while there is none.</param>
/// <param name="Result">The result: of a verify a <c>VerifyResult</c>, otherwise null.</param>
/// <param name="StartedAt">When it was requested.</param>
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
    DateTimeOffset? EndedAt)
{
    /// <summary>The outcome of a requeue or discard that has ended.</summary>
    /// <param name="remaining">The number of dead letters that remain, of all that it was about.</param>
    public (OperationState State, string Detail) OutcomeOfRequest(long remaining) => (remaining, Kind) switch
    {
        (> 0, _) => (OperationState.Failed, $"{remaining} dead letters remain; dead-letters list shows the reasons"),
        (_, "requeue") => (OperationState.Done, "the events are applied"),
        _ => (OperationState.Done, "the events are given up; they stay in the log"),
    };
}

/// <summary>The state of an operation.</summary>
public enum OperationState
{
    /// <summary>It is being carried out.</summary>
    Running,

    /// <summary>It succeeded.</summary>
    Done,

    /// <summary>It failed or was cancelled.</summary>
    Failed,

    /// <summary>It was refused and changed nothing.</summary>
    Refused,
}

/// <summary>
/// An operation to record together with the change that it requests: a store writes both in one transaction, so that no change is missing
/// from the record of operators.
/// </summary>
/// <param name="Operation">The operation in its state after the change.</param>
/// <param name="Action">The request in words.</param>
public sealed record OperationRecord(Operation Operation, string Action);
