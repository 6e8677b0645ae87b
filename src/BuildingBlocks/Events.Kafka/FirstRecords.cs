using Confluent.Kafka;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>Reads one record of each partition: the first one that a predicate accepts.</summary>
internal static class FirstRecords
{
    /// <summary>Reads until each partition has had an accepted record or has reached its end.</summary>
    /// <param name="consumer">A consumer that reports the ends of partitions. It has no assignment afterwards.</param>
    /// <param name="offsets">Where to start in each partition.</param>
    /// <param name="accept">Whether a record is the one of its partition.</param>
    /// <param name="timeout">The longest time without an accepted record.</param>
    /// <param name="failure">The message of the exception after the timeout.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="KafkaException">No record was accepted within the timeout.</exception>
    public static void Read(
        IConsumer<byte[], byte[]> consumer,
        IReadOnlyCollection<TopicPartitionOffset> offsets,
        Func<ConsumeResult<byte[], byte[]>, bool> accept,
        TimeSpan timeout,
        string failure,
        CancellationToken cancellation)
    {
        consumer.Assign(offsets);
        var open = offsets.Select(offset => offset.TopicPartition).ToHashSet();
        var deadline = DateTime.UtcNow + timeout;
        while (open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (DateTime.UtcNow > deadline)
                throw new KafkaException(new Error(ErrorCode.Local_TimedOut, failure));
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is not { } result || !open.Contains(result.TopicPartition))
                continue;
            if (!result.IsPartitionEOF && !accept(result))
                continue;
            open.Remove(result.TopicPartition);
            // The rest of the batch may be thousands of records, which would come before those of the other partitions.
            consumer.Pause([result.TopicPartition]);
            // Large batches come one partition at a time. As long as they come, the broker responds.
            deadline = DateTime.UtcNow + timeout;
        }

        // Otherwise the client would treat a paused partition as paused in the next assignment too.
        consumer.Resume(consumer.Assignment);
        consumer.Unassign();
    }
}
