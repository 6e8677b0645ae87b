using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.EventLog.Events;
using Npgsql;

namespace Monolith.BuildingBlocks.EventLog.Writing;

/// <summary>
/// Commits a module's aggregates with the events they raised: one save, one batch, one round trip. The batch has no explicit transaction, so PostgreSQL makes it one
/// implicit transaction, and no counter of the log stays locked while a client thinks (or is frozen).
/// </summary>
internal sealed class UnitOfWork<TContext>(TContext context, PostgresLog log, CommandContext command, DatabaseRules<TContext> rules) : IUnitOfWork
    where TContext : ModuleDbContext
{
    public async Task<CommitResult> CommitAsync(CancellationToken cancellation)
    {
        var aggregate = ChangedAggregate();
        if (aggregate is null)
            return CommitResult.Committed;

        // What follows from the events belongs to this span: its id goes with them.
        using var activity = LogTelemetry.Source.StartActivity(log.AppendSpan, ActivityKind.Producer);
        activity?.SetTag("db.system.name", "postgresql").SetTag("messaging.destination.name", log.Name).SetTag("messaging.operation.name", "append").SetTag("messaging.operation.type", "create")
            .SetTag("messaging.batch.message_count", aggregate.RaisedEvents.Count);
        foreach (var raised in aggregate.RaisedEvents)
            context.Add(RowOf(aggregate.Id, raised));

        // A transaction of its own would add a round trip between taking the counter and the commit.
        context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        try
        {
            // Once sent, the batch commits or not whatever the caller does: a cancelled wait would leave nobody who knows.
            cancellation.ThrowIfCancellationRequested();
            await context.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateConcurrencyException exception)
        {
            // A lost race never comes here: its events meet the key of the log, and that error overtakes the row count of the UPDATE.
            throw new InvalidOperationException(
                $"The state of {aggregate.GetType().Name} {aggregate.Id} is not at the version of its stream. Somebody changed it past the module; it must be made anew from its events.", exception);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.CheckViolation } violation)
        {
            activity?.SetTag("error.type", violation.ConstraintName);
            if (violation.ConstraintName == EventRowMapping.KeyName)
                return CommitResult.Conflict;
            if (rules.ErrorFor(violation.ConstraintName, aggregate) is not { } error)
                throw;
            return new CommitResult(CommitStatus.Refused, error);
        }

        LogTelemetry.Appended.Add(aggregate.RaisedEvents.Count, new KeyValuePair<string, object?>("log", log.Name));
        aggregate.ClearRaisedEvents();
        log.NoteCommit();
        return CommitResult.Committed;
    }

    public void Reset() => context.ChangeTracker.Clear();

    private AggregateRoot? ChangedAggregate()
    {
        AggregateRoot? changed = null;
        foreach (var entry in context.ChangeTracker.Entries<AggregateRoot>())
        {
            if (entry.Entity.RaisedEvents.Count == 0)
                continue;
            if (changed is not null)
                throw new InvalidOperationException("One command changes one aggregate: two counters in one transaction could wait for each other.");
            changed = entry.Entity;
        }

        return changed;
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
