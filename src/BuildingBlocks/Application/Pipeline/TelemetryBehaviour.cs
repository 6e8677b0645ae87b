using System.Diagnostics;
using MediatR;

namespace Monolith.BuildingBlocks.Application.Pipeline;

/// <summary>Traces and measures a command, validation and commit included.</summary>
internal sealed class TelemetryBehaviour<TCommand, T> : IPipelineBehavior<TCommand, CommandOutcome<T>>
    where TCommand : ICommand<T>
{
    private static readonly string Command = typeof(TCommand).Name;
    private static readonly string SpanName = $"command {Command}";

    public async Task<CommandOutcome<T>> Handle(
        TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<CommandOutcome<T>> next)
    {
        using var activity = CommandTelemetry.Source.StartActivity(SpanName);
        var began = Stopwatch.GetTimestamp();
        try
        {
            var outcome = await next();
            if (outcome.Replayed is not null)
                Record(activity, began, "replayed", null);
            else
                Record(activity, began, outcome.Error is null ? "done" : "refused", outcome.Error?.Slug);
            return outcome;
        }
        catch (Exception exception)
        {
            // The message may contain data of the command, so that it is not recorded.
            activity?.SetStatus(ActivityStatusCode.Error);
            Record(activity, began, "failed", exception.GetType().Name);
            throw;
        }
    }

    private static void Record(Activity? activity, long began, string outcome, string? error)
    {
        activity?.SetTag("outcome", outcome);
        var tags = new TagList { { "command", Command }, { "outcome", outcome } };
        if (error is not null)
        {
            activity?.SetTag("error.type", error);
            tags.Add("error.type", error);
        }

        CommandTelemetry.Duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
    }
}
