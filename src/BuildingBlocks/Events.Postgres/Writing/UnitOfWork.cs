using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Events.Postgres.Idempotency;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Postgres.Telemetry;
using Monolith.BuildingBlocks.Events.Writing;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Writing;

/// <summary>
/// Commits a module's aggregates with the events they raised: one save, one batch, one round trip. The batch has no explicit transaction, so PostgreSQL makes it one
/// implicit transaction, and no counter of the log stays locked while a client thinks (or is frozen).
/// </summary>
internal sealed class UnitOfWork<TContext>(TContext context, PostgresLog log, CommandContext command, ConstraintErrorMap<TContext> rules) : IUnitOfWork
    where TContext : ModuleDbContext
{
    public async Task<CommitResult> CommitAsync(CancellationToken cancellation)
    {
        if (TrackedAggregate() is not { } aggregate)
            return CommitResult.Committed;
        if (aggregate.RaisedEvents.Count == 0)
            return await LeaveAsync(aggregate, cancellation);

        // What follows from the events belongs to this span: its id goes with them.
        using var activity = LogTelemetry.Source.StartActivity(log.AppendSpan, ActivityKind.Producer);
        activity?.SetTag("db.system.name", "postgresql").SetTag("messaging.destination.name", log.Name).SetTag("messaging.operation.name", "append").SetTag("messaging.operation.type", "create")
            .SetTag("messaging.batch.message_count", aggregate.RaisedEvents.Count);
        EventRow[] events = [.. aggregate.RaisedEvents.Select(raised => RowOf(aggregate.Id, raised))];
        context.AddRange(events);
        Keep([.. events.Select(row => row.EventId)]);
        if (await SaveAsync(aggregate, cancellation) is { } failure)
        {
            activity?.SetTag("error.type", failure.Refusal?.Slug ?? (failure.Status == CommitStatus.KeyInUse ? "idempotency-key-in-use" : "conflict"));
            return failure;
        }

        LogTelemetry.Appended.Add(events.Length, new KeyValuePair<string, object?>("log", log.Name));
        aggregate.ClearRaisedEvents();
        command.Place = new LogOffset(log.Name, events[^1].Partition, events[^1].Offset + 1);
        log.NoteCommit();
        return CommitResult.Committed;
    }

    public void Reset() => context.ChangeTracker.Clear();

    /// <summary>Nothing has changed: the caller is told of the event that made it so, and its key is kept with that one.</summary>
    private async Task<CommitResult> LeaveAsync(AggregateRoot aggregate, CancellationToken cancellation)
    {
        if (await LastEventAsync(aggregate.Id, cancellation) is not { } last)
            return CommitResult.Committed;

        command.Place = last.Place;
        Keep([last.Id]);
        return command.Idempotency is null ? CommitResult.Committed : await SaveAsync(aggregate, cancellation) ?? CommitResult.Committed;
    }

    private void Keep(Guid[] events)
    {
        if (command.Idempotency is not { Response: { } response } claim)
            return;
        context.Add(new IdempotencyRow
        {
            Key = claim.Key,
            Payload = claim.Payload,
            Status = response.Status,
            Headers = JsonSerializer.Serialize(response.Headers, HeadersJson.Default.IReadOnlyDictionaryStringString),
            Body = response.Body,
            EventIds = events,
        });
    }

    /// <summary>Sends the batch; null where it is committed.</summary>
    private async Task<CommitResult?> SaveAsync(AggregateRoot aggregate, CancellationToken cancellation)
    {
        // A transaction of its own would add a round trip between taking the counter and the commit.
        context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        try
        {
            // Once sent, the batch commits or not whatever the caller does: a cancelled wait would leave nobody who knows.
            cancellation.ThrowIfCancellationRequested();
            await context.SaveChangesAsync(CancellationToken.None);
            return null;
        }
        catch (DbUpdateConcurrencyException exception)
        {
            // A lost race never comes here: its events meet the key of the log, and that error overtakes the row count of the UPDATE.
            throw new InvalidOperationException(
                $"The state of {aggregate.GetType().Name} {aggregate.Id} is not at the version of its stream. Somebody changed it past the module; it must be made anew from its events.", exception);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException refusal && OutcomeOf(refusal, aggregate) is { } outcome)
        {
            return outcome;
        }
    }

    /// <summary>What the caller is told of a refusal; null for one that is no answer but a failure.</summary>
    private CommitResult? OutcomeOf(PostgresException refusal, AggregateRoot aggregate) => refusal switch
    {
        { SqlState: IdempotencyRowMapping.KeyInUse } or { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: IdempotencyRowMapping.KeyName } =>
            new CommitResult(CommitStatus.KeyInUse),
        { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: EventRowMapping.KeyName } => CommitResult.Conflict,
        { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.CheckViolation } when rules.ErrorFor(refusal.ConstraintName, aggregate) is { } error =>
            new CommitResult(CommitStatus.Refused, error),
        _ => null,
    };

    /// <summary>The aggregate that the command is about: the one that has changed, or the only one there is.</summary>
    private AggregateRoot? TrackedAggregate()
    {
        AggregateRoot? tracked = null;
        foreach (var entry in context.ChangeTracker.Entries<AggregateRoot>())
        {
            if (tracked is { RaisedEvents.Count: > 0 } && entry.Entity.RaisedEvents.Count > 0)
                throw new InvalidOperationException("One command changes one aggregate: two counters in one transaction could wait for each other.");
            if (tracked is null || entry.Entity.RaisedEvents.Count > 0)
                tracked = entry.Entity;
        }

        return tracked;
    }

    private async Task<(Guid Id, LogOffset Place)?> LastEventAsync(Guid stream, CancellationToken cancellation)
    {
        await using var select = log.Database.App.CreateCommand(
            $"""select event_id, partition, "offset" from {log.Database.Schema}.events where stream_id = $1 order by stream_version desc limit 1""");
        select.Parameters.Add(new() { Value = stream });
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetGuid(0), new LogOffset(log.Name, reader.GetInt32(1), reader.GetInt64(2) + 1)) : null;
    }

    private EventRow RowOf(Guid streamId, RaisedEvent raised) => new()
    {
        StreamId = streamId,
        StreamVersion = raised.Version,
        Partition = Partitioner.PartitionOf(streamId, log.Partitions),
        EventId = Guid.CreateVersion7(raised.OccurredAt),
        Type = log.Catalogue.NameOf(raised.Data.GetType()),
        Data = log.Catalogue.Serialize(raised.Data),
        OccurredAt = raised.OccurredAt,
        Actor = command.Actor,
        CorrelationId = command.CorrelationId,
        CausationId = command.CausationId,
        Traceparent = Activity.Current?.Id,
    };
}
