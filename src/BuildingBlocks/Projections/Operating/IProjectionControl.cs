using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Verification;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>
/// What an operator can see of one projection and do to it, from any host. Everything asked for is recorded, with who asked; what takes time goes on after the answer, on whichever host does it, and
/// its <see cref="Operation"/> says how far it is. A refusal says what to do instead.
/// </summary>
public interface IProjectionControl
{
    /// <summary>The projection's name (<c>orders.customers</c>).</summary>
    string Name { get; }

    /// <summary>Where it stands: its generations with their progress, its dead letters.</summary>
    /// <param name="cancellation">Gives up.</param>
    Task<ProjectionReport> ReportAsync(CancellationToken cancellation);

    /// <summary>Begins a new generation from offset 0; refused while another one is building or ready.</summary>
    /// <param name="request">How it shall end.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<Operation>> RebuildAsync(RebuildRequest request, string? actor, CancellationToken cancellation);

    /// <summary>Makes a generation the live one, as soon as it is at or past the live one in every partition. A retired one is caught up first.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<Operation>> PromoteAsync(int generation, string? actor, CancellationToken cancellation);

    /// <summary>Ends a build; of the generation only the entry stays. Of a retired one that is being caught up, only the catching up ends.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<Operation>> CancelAsync(int generation, string? actor, CancellationToken cancellation);

    /// <summary>Promotes the generation that was live before this one.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<Operation>> RollbackAsync(string? actor, CancellationToken cancellation);

    /// <summary>Drops a retired generation or a snapshot.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<Operation>> DropAsync(int generation, string? actor, CancellationToken cancellation);

    /// <summary>Stops applying events, on every host, until resumed. Queries go on, on rows that grow older.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<Operation>> PauseAsync(string? actor, CancellationToken cancellation);

    /// <summary>Goes on after a pause.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<Operation>> ResumeAsync(string? actor, CancellationToken cancellation);

    /// <summary>Makes the rows again by replay and compares; the result of the operation is a <see cref="VerifyResult"/>.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<Operation>> VerifyAsync(string? actor, CancellationToken cancellation);

    /// <summary>The parked events of all generations that are kept, in the order in which each key's will be applied.</summary>
    /// <param name="limit">The most to list.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="after">Where the list before ended; null for the first.</param>
    Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellation, DeadLetterCursor? after = null);

    /// <summary>Asks the owners of the partitions to apply parked events of the live generation again, in order.</summary>
    /// <param name="key">One key; null for all.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<Operation>> RequeueAsync(string? key, string? actor, CancellationToken cancellation);

    /// <summary>Asks the owner of the partition to give up the parked events of one key of the live generation. They stay in the log.</summary>
    /// <param name="key">The key.</param>
    /// <param name="reason">Why; kept.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<Operation>> DiscardAsync(string key, string reason, string? actor, CancellationToken cancellation);

    /// <summary>An operation of this projection, or null.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Operation?> OperationAsync(Guid id, CancellationToken cancellation);

    /// <summary>What operators did to this projection, newest first.</summary>
    /// <param name="limit">The most to list.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="after">Where the list before ended; null for the first.</param>
    Task<IReadOnlyList<OperatorAction>> ActionsAsync(int limit, CancellationToken cancellation, ActionCursor? after = null);
}

/// <summary>How a new generation shall end.</summary>
/// <param name="Promote">Whether it is promoted by itself or by hand; <see cref="Promotion.Auto"/> unless said.</param>
/// <param name="Until">Of a snapshot: the time up to which events count; not in the future.</param>
/// <param name="Snapshot">Of a snapshot: its name, 1 to 40 of <c>a-z 0-9 -</c>, beginning with a letter.</param>
public sealed record RebuildRequest(Promotion Promote, DateTimeOffset? Until, string? Snapshot);
