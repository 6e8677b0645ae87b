using Confluent.Kafka;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>One record of each partition of an assignment: the first one that is accepted, if there is one.</summary>
internal static class FirstRecords
{
    /// <summary>Reads until each partition has had a record that is accepted, or has ended.</summary>
    /// <param name="consumer">Reads as no group and tells the end of a partition; it is assigned to nothing afterwards.</param>
    /// <param name="places">Where each partition begins.</param>
    /// <param name="accepts">Whether a record is the one of its partition.</param>
    /// <param name="patience">How long nothing may be accepted.</param>
    /// <param name="failure">What to say where it was longer.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="KafkaException">Nothing was accepted for too long.</exception>
    public static void Read(
        IConsumer<byte[], byte[]> consumer, IReadOnlyCollection<TopicPartitionOffset> places, Func<ConsumeResult<byte[], byte[]>, bool> accepts, TimeSpan patience, string failure, CancellationToken cancellation)
    {
        consumer.Assign(places);
        var looking = places.Select(place => place.TopicPartition).ToHashSet();
        var deadline = DateTime.UtcNow + patience;
        while (looking.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (DateTime.UtcNow > deadline)
                throw new KafkaException(new Error(ErrorCode.Local_TimedOut, failure));
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is not { } result || !looking.Contains(result.TopicPartition) || !(result.IsPartitionEOF || accepts(result)))
                continue;
            looking.Remove(result.TopicPartition);
            // What follows in the same batch is thousands of records, which would come before those of the other partitions.
            consumer.Pause([result.TopicPartition]);
            // Large batches come one partition after the other: as long as they come, somebody answers.
            deadline = DateTime.UtcNow + patience;
        }

        // The client would take a partition that was paused for paused in the next assignment too.
        consumer.Resume(consumer.Assignment);
        consumer.Unassign();
    }
}
