using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Verification;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>
/// Reports on one projection and carries out the requests of operators, from any host. Each request is recorded with its actor. A request
/// that takes time is carried out after the call returns, by whichever host runs the generation; its <see cref="Operation"/> holds the
/// progress. An error says what to do instead.
/// </summary>
public interface IProjectionControl
{
    /// <summary>The projection's name (<c>orders.customers</c>).</summary>
    string Name { get; }

    /// <summary>Reports the generations with their progress, and the dead letters.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<ProjectionReport> ReportAsync(CancellationToken cancellation);

    /// <summary>Starts a new generation from offset 0; refused while another one is under way.</summary>
    /// <param name="request">What to build.</param>
    /// <param name="actor">The operator.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Result<Operation>> RebuildAsync(RebuildRequest request, string? actor, CancellationToken cancellation);

    /// <summary>
    /// Promotes a generation as soon as it is at or past the live one in every partition. A retired generation catches up first.
    /// </summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="actor">The operator.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Result<Operation>> PromoteAsync(int generation, string? actor, CancellationToken cancellation);

    /// <summary>
    /// Cancels a rebuild; only the entry of the generation stays. For a retired generation that is catching up, only the catching up ends.
    /// </summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="actor">The operator.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Result<Operation>> CancelAsync(int generation, string? actor, CancellationToken cancellation);

    /// <summary>Promotes the generation that was live before the current one.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Result<Operation>> RollbackAsync(string? actor, CancellationToken cancellation);

    /// <summary>Drops a retired generation or a snapshot.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="actor">The operator.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Result<Operation>> DropAsync(int generation, string? actor, CancellationToken cancellation);

    /// <summary>Stops applying events on every host until the projection is resumed. Queries are still answered.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Result<Operation>> PauseAsync(string? actor, CancellationToken cancellation);

    /// <summary>Resumes a paused projection.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Result<Operation>> ResumeAsync(string? actor, CancellationToken cancellation);

    /// <summary>Rebuilds the rows by replay and compares; the result of the operation is a <see cref="VerifyResult"/>.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Result<Operation>> VerifyAsync(string? actor, CancellationToken cancellation);

    /// <summary>Lists the dead letters of all generations that have not ended, as <see cref="DeadLetterCursor"/> orders them.</summary>
    /// <param name="limit">The maximum number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <param name="after">The last entry of the list before; null for the first list.</param>
    Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellation, DeadLetterCursor? after = null);

    /// <summary>Requests that dead letters of the live generation be applied again, in order.</summary>
    /// <param name="key">One key; null for all.</param>
    /// <param name="actor">The operator.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Result<Operation>> RequeueAsync(string? key, string? actor, CancellationToken cancellation);

    /// <summary>Requests that the dead letters of one key of the live generation be dropped. The events stay in the log.</summary>
    /// <param name="key">The key.</param>
    /// <param name="reason">The reason; it is recorded.</param>
    /// <param name="actor">The operator.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Result<Operation>> DiscardAsync(string key, string reason, string? actor, CancellationToken cancellation);

    /// <summary>Finds an operation of this projection; null if there is none with this id.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Operation?> OperationAsync(Guid id, CancellationToken cancellation);

    /// <summary>Lists the record of operators for this projection, newest first.</summary>
    /// <param name="limit">The maximum number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <param name="after">The last entry of the list before; null for the first list.</param>
    Task<IReadOnlyList<OperatorAction>> ActionsAsync(int limit, CancellationToken cancellation, ActionCursor? after = null);
}

/// <summary>A generation to build.</summary>
/// <param name="Promote">Whether it is promoted automatically or by an operator.</param>
/// <param name="Until">For a snapshot: the time up to which events count; not in the future.</param>
/// <param name="Snapshot">For a snapshot: its name, 1 to 40 of <c>a-z 0-9 -</c>, beginning with a letter.</param>
public sealed record RebuildRequest(Promotion Promote, DateTimeOffset? Until, string? Snapshot);
