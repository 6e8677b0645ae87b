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
/// Commits a module's aggregates together with the events they raised: one save, one batch, one round trip. Without an explicit
/// transaction, PostgreSQL executes the batch as one implicit transaction, so that no counter of the log stays locked while a client is
/// suspended.
/// </summary>
internal sealed class UnitOfWork<TContext>(TContext context, PostgresLog log, CommandContext command, ConstraintErrorMap<TContext> errors)
    : IUnitOfWork
    where TContext : ModuleDbContext
{
    public async Task<CommitResult> CommitAsync(CancellationToken cancellation)
    {
        if (TrackedAggregate() is not { } aggregate)
            return CommitResult.Committed;
        if (aggregate.RaisedEvents.Count == 0)
            return await CommitUnchangedAsync(aggregate, cancellation);

        // The events carry the id of this activity, so that what follows from them belongs to it.
        using var activity = LogTelemetry.Source.StartActivity(log.AppendSpan, ActivityKind.Producer);
        activity?.SetTag("db.system.name", "postgresql")
            .SetTag("messaging.destination.name", log.Name)
            .SetTag("messaging.operation.name", "append")
            .SetTag("messaging.operation.type", "create")
            .SetTag("messaging.batch.message_count", aggregate.RaisedEvents.Count);
        EventRow[] events = [.. aggregate.RaisedEvents.Select(raised => RowOf(aggregate.Id, raised))];
        context.AddRange(events);
        AddIdempotencyKey([.. events.Select(row => row.EventId)]);
        if (await SaveAsync(aggregate, cancellation) is { } failure)
        {
            var status = failure.Status == CommitStatus.KeyInUse ? "idempotency-key-in-use" : "conflict";
            activity?.SetTag("error.type", failure.Refusal?.Slug ?? status);
            return failure;
        }

        LogTelemetry.Appended.Add(events.Length, new KeyValuePair<string, object?>("log", log.Name));
        aggregate.ClearRaisedEvents();
        command.Offset = new LogOffset(log.Name, events[^1].Partition, events[^1].Offset + 1);
        log.NoteCommit();
        return CommitResult.Committed;
    }

    public void Reset() => context.ChangeTracker.Clear();

    // The caller gets the offset of the last event of the stream, and its idempotency key is stored with that event.
    private async Task<CommitResult> CommitUnchangedAsync(AggregateRoot aggregate, CancellationToken cancellation)
    {
        if (await LastEventAsync(aggregate.Id, cancellation) is not { } last)
            return CommitResult.Committed;

        command.Offset = last.Offset;
        AddIdempotencyKey([last.Id]);
        return command.Idempotency is null ? CommitResult.Committed : await SaveAsync(aggregate, cancellation) ?? CommitResult.Committed;
    }

    private void AddIdempotencyKey(Guid[] events)
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

    /// <summary>Sends the batch.</summary>
    /// <returns>The failure; null if the batch is committed.</returns>
    private async Task<CommitResult?> SaveAsync(AggregateRoot aggregate, CancellationToken cancellation)
    {
        // An explicit transaction would add a round trip between the lock of the counter and the commit.
        context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        try
        {
            // Once the batch is sent, it commits or fails regardless of the caller. After a cancelled wait its outcome would be unknown.
            cancellation.ThrowIfCancellationRequested();
            await context.SaveChangesAsync(CancellationToken.None);
            return null;
        }
        catch (DbUpdateConcurrencyException exception)
        {
            // Not a conflict with another writer: that violates the primary key of the events, an error that precedes the row count of the
            // UPDATE.
            throw new InvalidOperationException(
                $"The state of {aggregate.GetType().Name} {aggregate.Id} is not at the version of its stream. "
                + "It was changed outside its module and must be restored from its events.",
                exception);
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is PostgresException refusal && OutcomeOf(refusal, aggregate) is { } outcome)
        {
            return outcome;
        }
    }

    // Null if the exception is a failure, and not an expected outcome.
    private CommitResult? OutcomeOf(PostgresException refusal, AggregateRoot aggregate) => refusal switch
    {
        { SqlState: IdempotencyRowMapping.KeyInUse }
            or { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: IdempotencyRowMapping.KeyName } =>
            new CommitResult(CommitStatus.KeyInUse),
        { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: EventRowMapping.KeyName } => CommitResult.Conflict,
        { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.CheckViolation }
            when errors.ErrorFor(refusal.ConstraintName, aggregate) is { } error =>
            new CommitResult(CommitStatus.Refused, error),
        _ => null,
    };

    // The aggregate with raised events, or else the only tracked one.
    private AggregateRoot? TrackedAggregate()
    {
        AggregateRoot? tracked = null;
        foreach (var entry in context.ChangeTracker.Entries<AggregateRoot>())
        {
            if (tracked is { RaisedEvents.Count: > 0 } && entry.Entity.RaisedEvents.Count > 0)
            {
                throw new InvalidOperationException(
                    "A command may change one aggregate only: two counters in one transaction could deadlock.");
            }

            if (tracked is null || entry.Entity.RaisedEvents.Count > 0)
                tracked = entry.Entity;
        }

        return tracked;
    }

    private async Task<(Guid Id, LogOffset Offset)?> LastEventAsync(Guid stream, CancellationToken cancellation)
    {
        await using var select = log.Database.App.CreateCommand(
            $"""
            select event_id, partition, "offset" from {log.Database.Schema}.events where stream_id = $1 order by stream_version desc limit 1
            """);
        select.Parameters.Add(new() { Value = stream });
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? (reader.GetGuid(0), new LogOffset(log.Name, reader.GetInt32(1), reader.GetInt64(2) + 1))
            : null;
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
