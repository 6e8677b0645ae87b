using System.Diagnostics;
using MediatR;
using Monolith.BuildingBlocks.Cqrs.Idempotency;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Cqrs;

/// <summary>Traces and measures a command, validation and commit included.</summary>
internal sealed class TelemetryBehaviour<TCommand, T> : IPipelineBehavior<TCommand, Result<T>>
    where TCommand : ICommand<T>
{
    private static readonly string Command = typeof(TCommand).Name;
    private static readonly string SpanName = $"command {Command}";

    public async Task<Result<T>> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<T>> next)
    {
        using var activity = CommandTelemetry.Source.StartActivity(SpanName);
        var began = Stopwatch.GetTimestamp();
        try
        {
            var answer = await next();
            if (Replay.Is(answer))
                Note(activity, began, "replayed", null);
            else
                Note(activity, began, answer.Error is null ? "done" : "refused", answer.Error?.Slug);
            return answer;
        }
        catch (Exception exception)
        {
            // Its message may show what the command held.
            activity?.SetStatus(ActivityStatusCode.Error);
            Note(activity, began, "failed", exception.GetType().Name);
            throw;
        }
    }

    private static void Note(Activity? activity, long began, string outcome, string? error)
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
